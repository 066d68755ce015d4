#!/usr/bin/perl
# request: POST ?in=query
# header: Content-Type: application/x-www-form-urlencoded
# body: name=Ann&text=a%0D%0Ab&name=Bob
use CGI ':standard';
print header('text/html'), start_html('Title'), h1('Heading'), start_form, textfield('name'), popup_menu('choice', ['a', 'b'], 'b'), submit, end_form;
print join(',', param('name')), ' ', url_param('in'), "\n", end_html;

/* Greets by name: /cgi-bin/hello-c?name=Ada
 *
 * A CGI program can be any executable file. Compile this one into cgi-bin/,
 * in the folder that holds cgi-bin/ and sources/:
 *
 *     cc -O2 -Wall -o cgi-bin/hello-c sources/hello.c
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static void print_escaped(const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': fputs("&amp;", stdout); break;
        case '<': fputs("&lt;", stdout); break;
        case '>': fputs("&gt;", stdout); break;
        case '"': fputs("&quot;", stdout); break;
        case '\'': fputs("&#39;", stdout); break;
        default:
            putchar((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
        }
    }
}

static void print_row(const char *label, const char *value)
{
    printf("<dt>%s</dt><dd><code>", label);
    print_escaped(*value ? value : "(none)");
    puts("</code></dd>");
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Finds a field of a query string and decodes it into a buffer of the given
 * size, cutting what does not fit. Leaves "" there if the field is missing. */
static void field(const char *query, const char *key, char *buffer, size_t size)
{
    size_t key_length = strlen(key), used = 0;

    buffer[0] = '\0';
    while (strncmp(query, key, key_length) != 0 || query[key_length] != '=') {
        query = strchr(query, '&');
        if (!query) return;
        query++;
    }
    for (query += key_length + 1; *query && *query != '&' && used + 1 < size; query++) {
        char c = *query;
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && digit(query[1]) >= 0 && digit(query[2]) >= 0) {
            c = (char)(digit(query[1]) * 16 + digit(query[2]));
            query += 2;
        }
        buffer[used++] = c ? c : ' ';
    }
    buffer[used] = '\0';
}

int main(void)
{
    char name[241];

    field(variable("QUERY_STRING"), "name", name, sizeof name);

    puts("Content-Type: text/html; charset=utf-8\n");
    if (strcmp(variable("REQUEST_METHOD"), "HEAD") == 0) return 0;

    puts("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<title>Hello from C</title>\n<link rel=\"icon\" href=\"/favicon.svg\">\n"
         "<link rel=\"stylesheet\" href=\"/style.css\">\n"
         "<p class=\"masthead\"><img src=\"/favicon.svg\" alt=\"\"> <a href=\"/\">Postern examples</a></p>");
    fputs("<h1>Hello, ", stdout);
    print_escaped(name[strspn(name, " \t")] ? name : "world");
    puts(".</h1>\n<p>Written by a compiled C program.</p>\n<dl class=\"pairs\">");
    print_row("Method", variable("REQUEST_METHOD"));
    print_row("Program", variable("SCRIPT_NAME"));
    print_row("Path after it", variable("PATH_INFO"));
    print_row("Query string", variable("QUERY_STRING"));
    puts("</dl>\n<form class=\"inline\">\n"
         "<div class=\"field\"><label for=\"name\">Another name</label>\n"
         "<input type=\"text\" id=\"name\" name=\"name\" maxlength=\"80\"></div>\n"
         "<button>Greet</button>\n</form>");
    return 0;
}

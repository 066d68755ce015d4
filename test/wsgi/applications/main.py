"""The application that the cases ask: the first segment of PATH_INFO chooses a module, the second a function of it."""

import connections
import environs
import failures
import files
import heads
import inputs
import iterables
import lengths
import logs
import records
import streams
import validated
import writes

families = {
    'connections': connections,
    'failures': failures,
    'files': files,
    'heads': heads,
    'inputs': inputs,
    'iterables': iterables,
    'lengths': lengths,
    'logs': logs,
    'records': records,
    'streams': streams,
    'validated': validated,
    'writes': writes,
}


def application(environ, start_response):
    _, family, name = (environ.get('PATH_INFO', '') + '//').split('/')[:3]
    if family in families:
        return families[family].cases[name](environ, start_response)
    return environs.dump(environ, start_response)

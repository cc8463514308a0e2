"""The HTTP API of the inspector as a WSGI application.

Its configuration are the files and directories that IRONIC_INSPECTOR_CONFIG_FILES and
IRONIC_INSPECTOR_CONFIG_DIRS name, separated by colons; else those that are found by default. What
cannot be used is a RuntimeError when this module is imported.
"""
import atexit
import os

from ironic_inspector import native


def _names(variable):
    return [name for name in os.environ.get(variable, '').split(':') if name]


def _chunk_reader():
    """uWSGI's wsgi.input ends before a chunked body begins; this function of its own has it."""
    try:
        import uwsgi
    except ImportError:
        return None
    return getattr(uwsgi, 'chunked_read', None)


application = native.Application(_names('IRONIC_INSPECTOR_CONFIG_FILES'),
                                 _names('IRONIC_INSPECTOR_CONFIG_DIRS'), _chunk_reader())
os.register_at_fork(before=application.pause, after_in_parent=application.resume)
atexit.register(application.close)

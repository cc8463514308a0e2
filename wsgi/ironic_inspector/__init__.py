"""The inspector as Python sees it: `ironic_inspector.wsgi:application`."""

#!/usr/bin/env python
"""Django's command line."""

import sys

from django.core.management import execute_from_command_line

from config.start import read_settings_or_end

if __name__ == "__main__":
    read_settings_or_end()
    execute_from_command_line(sys.argv)

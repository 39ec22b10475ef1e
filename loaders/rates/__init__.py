"""Rates: fee schedules, case-mix weights and CMS files to typed rows."""

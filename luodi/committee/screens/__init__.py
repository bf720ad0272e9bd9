"""Screens of the committee: 版本, 变化, 重放, 坚持率, 议程."""

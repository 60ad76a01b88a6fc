"""Engines that hear or understand, behind two small Protocols."""

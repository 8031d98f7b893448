"""One readable pytest file for each assignment; never shown to students."""

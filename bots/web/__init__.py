"""The web pages about connected chats."""

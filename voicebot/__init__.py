"""Project package: settings and the shared kernel. It knows nothing of tasks or voice."""

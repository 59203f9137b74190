"""配置 Configuration: settings, addresses, menu, command line. Alone knows every room."""

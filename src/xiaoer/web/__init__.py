"""页面 Web: layout, components, charts, the printing press. No tables; knows no other room."""

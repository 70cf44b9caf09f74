"""The relational side of the workspace: tables, migrations, unit of work."""

"""The file side of the workspace: model files and score files."""

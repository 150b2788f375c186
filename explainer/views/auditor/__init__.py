"""For the auditor: views that tell all."""

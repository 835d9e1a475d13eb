"""Options side by side: what each does to violence, contact and cost against a reference, how sure that is, and in which words."""

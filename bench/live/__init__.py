"""Live drafting under load: Python clients speak the protocol over real connections, with servers of their own."""

"""What the program says to whoever runs it: a catalogue of sentences by code, a file a language."""

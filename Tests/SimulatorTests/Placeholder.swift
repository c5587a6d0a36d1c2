// The first test of this stage replaces this file.

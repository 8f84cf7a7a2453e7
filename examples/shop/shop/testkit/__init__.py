"""What the tests of all apps share."""

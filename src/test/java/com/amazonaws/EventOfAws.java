package com.amazonaws;

/**
 * Stands for the classes of AWS's events, which are there on Lambda alone.
 *
 * @param rawPath named as AWS names it
 */
public record EventOfAws(String rawPath) {}

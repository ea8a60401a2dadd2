// SPDX-License-Identifier: Apache-2.0

/** Does nothing: running it brings what Maven needs to compile and run any program that uses the Java SDK. */
public final class Nothing {
    private Nothing() {}

    public static void main(String[] args) {}
}

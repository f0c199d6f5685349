// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.intent;
public final class IntentStubberRegistry {
  private static IntentStubber s; private IntentStubberRegistry() {}
  public static void load(IntentStubber x) { s = x; }
  public static boolean isLoaded() { return s != null; }
  public static IntentStubber getInstance() { if (s == null) throw new IllegalStateException("no stubber"); return s; }
  public static void reset() { s = null; }
}

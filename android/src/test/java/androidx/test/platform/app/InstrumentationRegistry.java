// SPDX-License-Identifier: MPL-2.0
package androidx.test.platform.app;
import android.app.Instrumentation; import android.os.Bundle; import java.util.concurrent.atomic.AtomicReference;
public final class InstrumentationRegistry {
  private static final AtomicReference<Instrumentation> I = new AtomicReference<>();
  private static final AtomicReference<Bundle> A = new AtomicReference<>();
  private InstrumentationRegistry() {}
  public static Instrumentation getInstrumentation() {
    Instrumentation i = I.get(); if (i == null) throw new IllegalStateException("No instrumentation registered"); return i; }
  public static Bundle getArguments() { Bundle b = A.get(); if (b == null) throw new IllegalStateException("No arguments registered"); return new Bundle(b); }
  public static void registerInstance(Instrumentation i, Bundle args) { I.set(i); A.set(new Bundle(args)); }
}

// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.lifecycle;
import android.app.Activity;
public interface ActivityLifecycleCallback { void onActivityLifecycleChanged(Activity a, Stage s); }

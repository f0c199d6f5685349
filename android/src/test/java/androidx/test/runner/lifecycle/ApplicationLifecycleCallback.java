// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.lifecycle;
import android.app.Application;
public interface ApplicationLifecycleCallback { void onApplicationLifecycleChanged(Application a, ApplicationStage s); }

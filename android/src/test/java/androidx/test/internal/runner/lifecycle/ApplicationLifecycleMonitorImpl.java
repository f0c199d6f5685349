// SPDX-License-Identifier: MPL-2.0
package androidx.test.internal.runner.lifecycle;
import android.app.Application; import androidx.test.runner.lifecycle.*; import java.util.*;
public class ApplicationLifecycleMonitorImpl implements ApplicationLifecycleMonitor {
  private final List<ApplicationLifecycleCallback> cs = new ArrayList<>();
  public void addLifecycleCallback(ApplicationLifecycleCallback c) { cs.add(c); }
  public void removeLifecycleCallback(ApplicationLifecycleCallback c) { cs.remove(c); }
  public void signalLifecycleChange(Application a, ApplicationStage s) { for (ApplicationLifecycleCallback c : cs) c.onApplicationLifecycleChanged(a, s); }
}

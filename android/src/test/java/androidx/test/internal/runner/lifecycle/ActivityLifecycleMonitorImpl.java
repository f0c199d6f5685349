// SPDX-License-Identifier: MPL-2.0
package androidx.test.internal.runner.lifecycle;
import android.app.Activity; import androidx.test.runner.lifecycle.*; import java.util.*;
public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {
  private final List<ActivityLifecycleCallback> cs = new ArrayList<>();
  private final Map<Activity, Stage> st = new WeakHashMap<>();
  public ActivityLifecycleMonitorImpl() {}
  public ActivityLifecycleMonitorImpl(boolean declawThreadCheck) {}
  public void addLifecycleCallback(ActivityLifecycleCallback c) { cs.add(c); }
  public void removeLifecycleCallback(ActivityLifecycleCallback c) { cs.remove(c); }
  public Stage getLifecycleStageOf(Activity a) { Stage s = st.get(a); if (s == null) throw new IllegalArgumentException("Unknown activity"); return s; }
  public Collection<Activity> getActivitiesInStage(Stage s) { List<Activity> r = new ArrayList<>(); for (Map.Entry<Activity, Stage> e : st.entrySet()) if (e.getValue() == s) r.add(e.getKey()); return r; }
  public void signalLifecycleChange(Stage s, Activity a) { st.put(a, s); for (ActivityLifecycleCallback c : new ArrayList<>(cs)) c.onActivityLifecycleChanged(a, s); }
}

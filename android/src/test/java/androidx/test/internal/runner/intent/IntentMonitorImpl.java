// SPDX-License-Identifier: MPL-2.0
package androidx.test.internal.runner.intent;
import android.content.Intent; import androidx.test.runner.intent.*; import java.util.*;
public final class IntentMonitorImpl implements IntentMonitor {
  private final List<IntentCallback> cs = new ArrayList<>();
  public void addIntentCallback(IntentCallback c) { cs.add(c); }
  public void removeIntentCallback(IntentCallback c) { cs.remove(c); }
  public void signalIntent(Intent i) { for (IntentCallback c : cs) c.onIntentSent(new Intent(i)); }
}

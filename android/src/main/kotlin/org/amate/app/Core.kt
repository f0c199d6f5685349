// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.os.Handler
import android.os.Looper
import uniffi.amate_ffi.AmateApp
import uniffi.amate_ffi.AmatePlatform
import uniffi.amate_ffi.AmateSetup
import uniffi.amate_screen.Action
import uniffi.amate_screen.Effect
import uniffi.amate_screen.Screen
import uniffi.amate_screen.Step
import java.io.File
import java.util.TimeZone
import java.util.concurrent.Executors

/**
 * The core of this process, off the main thread: one call after another, in the order of the
 * person. What comes back is handed over on the main thread.
 */
class Core private constructor(val app: AmateApp) {
    private val calls = Executors.newSingleThreadExecutor()
    private val files = Executors.newSingleThreadExecutor()
    private val main = Handler(Looper.getMainLooper())

    /** Does these, then shows the last screen and performs all effects. */
    fun act(actions: List<Action>, then: (Screen, List<Effect>) -> Unit) = run {
        val steps = actions.map(app::act)
        val screen = steps.lastOrNull()?.screen ?: app.view()
        val effects = steps.flatMap(Step::effects)
        main.post { then(screen, effects) }
    }

    /** Behind all that was asked for before. */
    fun run(work: () -> Unit) {
        calls.execute(work)
    }

    /** Beside the person: another app may take its time, and nobody who locks waits for it. */
    fun aside(work: () -> Unit) {
        files.execute(work)
    }

    companion object {
        private var running: Core? = null
        private var folder: String? = null

        /** Called when a live screen may have changed; on the main thread. */
        var changed: () -> Unit = {}

        /** Lives as long as the process: turning the phone changes nothing. */
        fun of(context: Context, small: Boolean = false): Core {
            val home = File(context.noBackupFilesDir, "notes")
            running?.takeIf { folder == home.path }?.let { return it }
            val language = context.resources.configuration.locales[0].toLanguageTag()
            val platform = Platform(Handler(Looper.getMainLooper()))
            return Core(AmateApp(setup(home, language, small), platform)).also {
                running = it
                folder = home.path
            }
        }

        /** The process ends: tests begin another. */
        fun forget() {
            running?.calls?.shutdown()
            running?.files?.shutdown()
            running = null
        }

        private fun setup(home: File, language: String, small: Boolean) = AmateSetup(
            folder = home.path,
            language = language,
            codeMemory = if (small) 1u else 64u,
            recordSizes = if (small) listOf(16uL * MIB) else listOf(64uL * MIB, 128uL * MIB),
            mediaSizes = if (small) listOf(16uL * MIB) else listOf(512uL * MIB, 2048uL * MIB),
            // Camera and recorder are not written yet: no screen offers them.
            cameras = false,
            proxy = "",
        )

        private const val MIB = 1_048_576uL
    }

    private class Platform(private val main: Handler) : AmatePlatform {
        override fun offsetMinutes(): Short =
            (TimeZone.getDefault().getOffset(System.currentTimeMillis()) / 60_000).toShort()

        override fun changed() {
            main.post { Core.changed() }
        }
    }
}

// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.app.Activity
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.provider.OpenableColumns
import android.view.WindowManager
import uniffi.amate_ffi.Capture
import uniffi.amate_ffi.CaptureException
import uniffi.amate_ffi.Destination
import uniffi.amate_screen.Action
import uniffi.amate_screen.Effect
import uniffi.amate_screen.Screen
import uniffi.amate_screen.Way
import java.io.OutputStream

/** Draws what the core says, sends what the person did, performs effects. Nothing else. */
class MainActivity : Activity() {
    private lateinit var core: Core
    private lateinit var screen: ScreenView
    private var saved: Effect.Share? = null

    /** The system asks for a file on our behalf: that is no leaving, for a while. */
    private var asking = false
    private val patience = Handler(Looper.getMainLooper())

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        // No screenshots, no preview among recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        core = Core.of(this, SMALL)
        screen = ScreenView(this, ::act)
        setContentView(screen)
        act(emptyList())
    }

    override fun onStart() {
        super.onStart()
        asking = false
        patience.removeCallbacksAndMessages(null)
        Core.changed = { if (screen.live) act(listOf(Action.Look)) }
        act(emptyList())
    }

    /** Leaving the app locks it; what was being written is saved first. */
    override fun onStop() {
        if (asking) patience.postDelayed({ act(listOf(Action.Lock)) }, PATIENCE)
        act(if (asking) screen.touched() else screen.touched() + Action.Lock)
        Core.changed = {}
        super.onStop()
    }

    @Deprecated("The one way back of every Android that this runs on")
    override fun onBackPressed() {
        if (screen.shown?.back == true) act(screen.touched() + Action.Back) else moveTaskToBack(true)
    }

    private fun act(actions: List<Action>) = core.act(actions) { next, effects -> show(next, effects) }

    private fun show(next: Screen, effects: List<Effect>) {
        title = next.words.app
        screen.show(next)
        effects.forEach(::perform)
    }

    private fun perform(effect: Effect) = when (effect) {
        is Effect.PickFile -> ask(
            Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("*/*"), PICK,
        )
        is Effect.Share -> {
            saved = effect
            val create = Intent(Intent.ACTION_CREATE_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE)
            ask(create.setType(effect.mediaType).putExtra(Intent.EXTRA_TITLE, effect.fileName), SAVE)
        }
        is Effect.Copy -> (getSystemService(Context.CLIPBOARD_SERVICE) as ClipboardManager)
            .setPrimaryClip(ClipData.newPlainText("", effect.text))
        is Effect.Leave -> {
            startActivity(Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_HOME))
            finishAndRemoveTask()
        }
    }

    private fun ask(intent: Intent, request: Int) {
        asking = true
        @Suppress("DEPRECATION")
        startActivityForResult(intent, request)
    }

    @Deprecated("Androids before 13 know no other")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        val uri = data?.data?.takeIf { result == RESULT_OK } ?: return
        when (request) {
            PICK -> core.aside { take(uri) }
            SAVE -> saved?.let { share -> core.aside { give(share, uri) } }
        }
    }

    /** A file's bytes into the sealed store, piece by piece. */
    private fun take(uri: Uri) {
        try {
            val capture = core.app.beginCapture(Way.FILE, nameOf(uri), "")
            if (push(uri, capture)) capture.finish() else capture.cut()
        } catch (_: CaptureException) {
            // The screen says why.
        }
        runOnUiThread { act(listOf(Action.Look)) }
    }

    /** Whether all of it could be read: a file may be far away, or not be given. */
    private fun push(uri: Uri, capture: Capture): Boolean = try {
        val stream = contentResolver.openInputStream(uri)
        stream?.use {
            val piece = ByteArray(PIECE)
            while (true) {
                val n = it.read(piece)
                if (n < 0 || !capture.push(piece.copyOf(n))) break
            }
        }
        stream != null
    } catch (_: Exception) {
        // Whatever another app, which gives it, comes to.
        false
    }

    /** A content to where the person said, in the clear; they were warned. */
    private fun give(share: Effect.Share, uri: Uri) {
        val out = try {
            // What was longer there is cut.
            contentResolver.openOutputStream(uri, "wt")
        } catch (_: Exception) {
            // Whatever another app, which takes it, comes to.
            null
        }
        val place = Place(out)
        // What was cut is closed as well.
        if (!core.app.handOver(share.medium, share.fileName, place)) place.end()
        runOnUiThread { act(listOf(Action.Look)) }
    }

    /** Where another app takes what is handed over. */
    private class Place(private val out: OutputStream?) : Destination {
        override fun write(bytes: ByteArray): Boolean = tries { it.write(bytes) }

        override fun end(): Boolean = tries { it.close() }

        private fun tries(act: (OutputStream) -> Unit): Boolean = try {
            out?.let(act) != null
        } catch (_: Exception) {
            false
        }
    }

    private fun nameOf(uri: Uri): String = try {
        val columns = arrayOf(OpenableColumns.DISPLAY_NAME)
        contentResolver.query(uri, columns, null, null, null)?.use { rows ->
            if (rows.moveToFirst()) rows.getString(0) else null
        }.orEmpty()
    } catch (_: Exception) {
        ""
    }

    companion object {
        /** Tests use cheap codes and small vaults. */
        var SMALL = false
        /** How long the choice of a file may take before the app locks, in milliseconds. */
        private const val PATIENCE = 120_000L
        private const val PICK = 1
        private const val SAVE = 2
        private const val PIECE = 65_536
    }
}

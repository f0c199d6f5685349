// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.os.Handler
import android.os.Looper
import android.speech.tts.TextToSpeech
import android.speech.tts.UtteranceProgressListener
import java.util.Locale

/** Reads screens aloud with the voices of the phone; where there are none, it is not there. */
class Speaker(context: Context, private val changed: () -> Unit) {
    var ready = false
        private set
    var speaking = false
        private set
    private val main = Handler(Looper.getMainLooper())
    private val voices = TextToSpeech(context) { state ->
        ready = state == TextToSpeech.SUCCESS
        main.post(changed)
    }

    init {
        voices.setOnUtteranceProgressListener(object : UtteranceProgressListener() {
            override fun onStart(id: String) = now(true)
            override fun onDone(id: String) = now(false)

            @Deprecated("Still the one that every Android calls")
            override fun onError(id: String) = now(false)
        })
    }

    /** Begins to read, or stops. */
    fun turn(text: String, language: String) {
        if (speaking) return quiet()
        voices.language = Locale.forLanguageTag(language)
        voices.speak(text, TextToSpeech.QUEUE_FLUSH, null, "screen")
    }

    fun quiet() {
        voices.stop()
        now(false)
    }

    fun end() = voices.shutdown()

    private fun now(speaks: Boolean) {
        speaking = speaks
        main.post(changed)
    }
}

// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.speech.tts.TextToSpeech
import android.view.WindowManager
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.annotation.LooperMode
import org.robolectric.shadows.ShadowTextToSpeech
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream

/** The screens of the core on the widgets of a phone, by touch, against the real core. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "es-w360dp-h740dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@LooperMode(LooperMode.Mode.PAUSED)
class PhoneTest {
    @After fun end() = Core.forget()

    @Test fun whatIsWrittenIsThereAfterLockingAndUnlocking() {
        val person = Person("es-light")
        val code = person.firstRun()
        person.tap("log")
        person.until("log")
        person.type(STORY)
        person.rest()
        person.tap("today")
        person.sees("Guardado. Puedes salir cuando quieras.")
        person.tap("done")
        person.until("case")
        person.sees(STORY)
        person.tap("item-1")
        person.until("item")
        person.back()
        person.tap("proof")
        person.until("proof")
        person.back()
        person.back()
        person.tap("settings")
        person.until("settings")
        person.back()
        person.tap("people")
        person.until("people")
        person.back()
        person.tap("lock")
        person.until("unlock")
        person.type("no es esta clave para nada")
        person.tap("open")
        person.sees("Nada se borró")
        person.unlock(code)
        person.until("home")
        person.tap("cases")
        person.until("cases")
        person.tap("1")
        person.until("case")
        person.sees(STORY)
    }

    @Test fun theDraftIsThereAfterTheSystemTookTheProcess() {
        val person = Person("process")
        val code = person.firstRun()
        person.tap("log")
        person.until("log")
        person.type("Una frase sin terminar")
        // Not a second of rest: leaving the app saves it, and locks.
        person.another()
        assertFalse(person.words().contains("Una frase"))
        person.unlock(code)
        person.until("home")
        person.tap("draft-1")
        person.until("log")
        assertEquals("Una frase sin terminar", person.field())
    }

    @Test fun deletingIsHeldAndNotTouched() {
        val person = Person("hold")
        person.firstRun()
        person.tap("log")
        person.until("log")
        person.type(STORY)
        person.tap("done")
        person.until("case")
        person.tap("item-1")
        person.until("item")
        person.tap("delete")
        person.until("delete")
        person.tap("delete")
        person.until("delete")
        person.hold("delete")
        person.until("home")
    }

    @Test fun nothingIsLearnedByTheKeyboardNorShownAmongRecentApps() {
        val person = Person("quiet")
        assertNotEquals(0, person.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE)
        person.firstRun()
        person.tap("log")
        person.until("log")
        val field = person.activity.window.decorView.findFocus() as? EditText ?: EditText(person.activity)
        person.type(STORY)
        val story = person.activity.window.decorView.findFocus() as EditText
        assertNotEquals(0, story.imeOptions and 0x1000000)
        assertEquals(android.view.View.IMPORTANT_FOR_AUTOFILL_NO, story.importantForAutofill)
        assertTrue(field.imeOptions and EditorInfo.IME_MASK_ACTION >= 0)
    }

    @Test fun choosingAFileDoesNotLockAndForgettingToChooseDoes() {
        val person = Person("file")
        person.firstRun()
        person.tap("log")
        person.until("log")
        person.tap("file")
        val asked = shadowOf(person.activity).nextStartedActivityForResult
        assertEquals("android.intent.action.OPEN_DOCUMENT", asked.intent.action)
        person.controller.pause().stop()
        person.settle()
        person.controller.restart().start().resume()
        person.settle()
        assertEquals("log", person.at)
        person.tap("file")
        person.controller.pause().stop()
        shadowOf(android.os.Looper.getMainLooper()).idleFor(java.time.Duration.ofMinutes(3))
        person.controller.restart().start().resume()
        person.until("unlock")
    }

    @Test fun aFileThatCannotBeReadIsNamedAndTheAppGoesOn() {
        val person = Person("unread")
        person.firstRun()
        person.tap("log")
        person.until("log")
        person.tap("file")
        person.chooses("android.intent.action.OPEN_DOCUMENT", Uri.parse("content://nowhere/1"))
        person.untilItSays("Se cortó una foto o un archivo")
        person.type(STORY)
        person.tap("done")
        person.until("case")
    }

    @Test fun aFileIsTakenInAndSavedWhereThePersonSaysOrTheScreenSaysThatItIsNot() {
        val person = Person("save")
        person.firstRun()
        person.tap("log")
        person.until("log")
        person.type(STORY)
        person.tap("file")
        val content = ByteArray(200_000) { (it % 251).toByte() }
        val place = Uri.parse("content://elsewhere/1")
        shadowOf(person.activity.contentResolver).registerInputStream(place, content.inputStream())
        person.chooses("android.intent.action.OPEN_DOCUMENT", place)
        person.tap("done")
        person.until("case")
        person.tap("item-1")
        person.until("item")
        val file = ByteArrayOutputStream()
        person.saves(Uri.parse("content://elsewhere/2"), file)
        assertArrayEquals(content, file.toByteArray())
        val full = object : OutputStream() {
            override fun write(byte: Int) = throw IOException("no space left")
        }
        person.saves(Uri.parse("content://elsewhere/3"), full)
        person.untilItSays("No se pudo escribir el archivo")
    }

    private fun Person.saves(place: Uri, out: OutputStream) {
        shadowOf(activity.contentResolver).registerOutputStream(place, out)
        tap("saving")
        hold("save")
        chooses("android.intent.action.CREATE_DOCUMENT", place)
    }

    private fun Person.chooses(action: String, place: Uri) {
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(action, asked.intent.action)
        shadowOf(activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(place))
        settle()
    }

    @Test fun theScreenIsReadAloudWhereThePhoneHasVoices() {
        val person = Person("listen")
        person.until("language")
        val voices = ShadowTextToSpeech.getLastTextToSpeechInstance()
        shadowOf(voices).onInitListener.onInit(TextToSpeech.SUCCESS)
        person.settle()
        val button = person.named("Escuchar")
        person.tap(button)
        assertTrue(shadowOf(voices).lastSpokenText.startsWith("Elige tu lengua"))
        person.shot("listen")
    }

    @Test @Config(qualifiers = "+night", fontScale = 2.0f) fun byNightWithLettersOfTwiceTheSize() = shortWalk("es-night-200")

    @Test @Config(qualifiers = "en-w320dp-h480dp-xhdpi") fun inEnglishOnASmallPhone() = shortWalk("en-small")

    private fun shortWalk(shots: String) {
        val person = Person(shots)
        person.firstRun()
        person.tap("log")
        person.until("log")
        person.type(STORY)
        person.tap("today")
        person.tap("done")
        person.until("case")
        person.tap("send")
        person.until("recipients")
        person.tap("add")
        person.until("add")
    }

    private companion object {
        const val STORY = "Llegaron dos camionetas sin placas a la asamblea."
    }
}

// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.io.File
import java.io.FileOutputStream
import java.time.Duration

/** Somebody with the phone in their hands: touches real widgets, types, looks. */
class Person(private val shots: String) {
    var controller: ActivityController<MainActivity> = start()
    val activity: MainActivity get() = controller.get()
    private val root: View get() = activity.window.decorView
    private val screen: ScreenView get() = all(root).filterIsInstance<ScreenView>().first()

    private fun start(): ActivityController<MainActivity> {
        MainActivity.SMALL = true
        return Robolectric.buildActivity(MainActivity::class.java).setup().windowFocusChanged(true)
    }

    val at: String get() = screen.shown?.name.orEmpty()

    fun named(label: String): View = all(root).first { it.contentDescription == label && it.isShown }

    /** Looks until that screen is there. */
    fun until(name: String) {
        look({ "$at instead of $name" }) { at == name }
        sound()
        shot(name)
    }

    /** Looks until the screen, which stays the same, says it. */
    fun untilItSays(text: String) {
        look({ "still nothing says «$text»" }) { words().contains(text) }
        sound()
        shot("$at-then")
    }

    private fun look(otherwise: () -> String, so: () -> Boolean) {
        val end = System.nanoTime() + 60_000_000_000
        while (!so()) {
            check(System.nanoTime() < end) { "${otherwise()}: ${words()}" }
            if (screen.shown?.live == true) screen.tap("")
            Thread.sleep(20)
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(20))
        }
    }

    fun words(): String = all(root).filterIsInstance<TextView>().filter { it.isShown }.joinToString("\n") { it.text }

    fun sees(text: String) = assertTrue("nothing says «$text»: ${words()}", words().contains(text))

    /** By touch, in the middle of it. */
    fun tap(key: String) = touch(reach(key), 60)

    fun tap(view: View) = touch(view, 60)

    /** Nothing there is to be touched. */
    fun touchTitle() = touch(all(screen).first { (it as? TextView)?.text == screen.shown!!.title }, 60)

    fun hold(key: String) = touch(reach(key), 1_700)

    /** Scrolls to it. */
    private fun reach(key: String): View {
        val view = all(root).firstOrNull { it.tag == key && it.isShown } ?: error("no $key on $at: ${words()}")
        view.requestRectangleOnScreen(android.graphics.Rect(0, 0, view.width, view.height), true)
        idle()
        return view
    }

    /** While the finger is down the core says that something may look different by now. */
    private fun touch(view: View, time: Long) {
        val place = IntArray(2).also(view::getLocationInWindow)
        val down = SystemClock.uptimeMillis()
        fun send(action: Int) {
            val x = place[0] + view.width / 2f
            val y = place[1] + view.height / 2f
            val event = MotionEvent.obtain(down, SystemClock.uptimeMillis(), action, x, y, 0)
            root.dispatchTouchEvent(event)
        }
        send(MotionEvent.ACTION_DOWN)
        Core.changed()
        settle()
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(time))
        send(MotionEvent.ACTION_UP)
        settle()
    }

    /** Into the only field, or the one at this place. */
    fun type(text: String, place: Int = 0) {
        val field = all(root).filterIsInstance<EditText>()[place]
        field.requestFocus()
        field.setText(text)
        idle()
    }

    fun field(place: Int = 0): String = all(root).filterIsInstance<EditText>()[place].text.toString()

    fun rest() {
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(1_100))
        settle()
    }

    @Suppress("DEPRECATION")
    fun back() {
        activity.onBackPressed()
        settle()
    }

    fun spoken(): List<String> {
        val kind = screen.shown!!.blocks.map { it.kind }.filterIsInstance<uniffi.amate_screen.Kind.Spoken>().first()
        return kind.words
    }

    /** The code of this phone after the first run. */
    fun firstRun(): String {
        until("language")
        tap("next")
        until("about")
        tap("next")
        val code = takeCode()
        until("door-offer")
        tap("later")
        until("home")
        return code
    }

    /** Takes the words that are shown, and enters them again. */
    fun takeCode(): String {
        until("code")
        val code = spoken().joinToString(" ")
        tap("next")
        until("code-again")
        type(code)
        tap("next")
        return code
    }

    fun unlock(code: String) {
        until("unlock")
        type(code)
        tap("open")
    }

    /** The system took the process; the person opens the app again. */
    fun another() {
        controller.pause().stop()
        settle()
        controller.destroy()
        Core.forget()
        controller = start()
    }

    fun settle() {
        // A click is posted; what it asks for comes behind it.
        idle()
        // Calls of the core go through one thread, files through another: behind these all are done.
        behind(Core.of(activity)::aside)
        idle()
        behind(Core.of(activity)::run)
        idle()
    }

    private fun behind(run: (() -> Unit) -> Unit) {
        val done = java.util.concurrent.CountDownLatch(1)
        run { done.countDown() }
        check(done.await(60, java.util.concurrent.TimeUnit.SECONDS)) { "the core does not answer" }
    }

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /** What holds of every screen: everything that can be touched has a name and is large enough. */
    private fun sound() {
        idle()
        val least = (48 * activity.resources.displayMetrics.density).toInt() - 1
        for (view in all(screen).filter { it.isShown && it.isClickable && it.width > 0 }) {
            val named = !view.contentDescription.isNullOrBlank() || (view as? TextView)?.text?.isNotBlank() == true || view is EditText
            assertTrue("$at: ${view.tag} has no name", named)
            assertTrue("$at: ${view.tag} is ${view.height} high", view.height >= least)
        }
        for (view in all(screen).filterIsInstance<TextView>().filter { it.isShown && it !is EditText }) whole(view)
        val labels = all(screen).filter { it.labelFor != View.NO_ID }.map { it.labelFor }
        for (field in all(screen).filterIsInstance<EditText>()) assertTrue("$at: a field without a label", field.id in labels)
        assertEquals("$at: wider than the phone", true, all(screen).all { it.width <= root.width })
    }

    /** No word of people is broken in the middle, and none stands outside its place. */
    private fun whole(view: TextView) {
        val layout = view.layout ?: return
        for (line in 0 until layout.lineCount - 1) {
            val text = view.text.substring(0, layout.getLineEnd(line))
            val word = text.takeLastWhile { it.isLetter() }
            val goesOn = view.text.getOrNull(text.length)?.isLetter() == true
            val hex = view.text.split(' ', '\n').any { it.length > 20 }
            assertTrue("$at: «$word» is broken in «${view.text}»", word.isEmpty() || !goesOn || hex)
        }
        val room = view.height - view.paddingTop - view.paddingBottom
        assertTrue("$at: «${view.text}» is cut", layout.height <= room + 2 || view.maxLines in 1..2)
    }

    fun shot(name: String) {
        idle()
        val bitmap = Bitmap.createBitmap(root.width, root.height, Bitmap.Config.ARGB_8888)
        root.draw(Canvas(bitmap))
        val folder = File("target/shots/$shots").apply { mkdirs() }
        FileOutputStream(File(folder, "$name.png")).use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    private fun all(view: View): List<View> =
        listOf(view) + ((view as? ViewGroup)?.let { group -> (0 until group.childCount).flatMap { all(group.getChildAt(it)) } } ?: emptyList())
}

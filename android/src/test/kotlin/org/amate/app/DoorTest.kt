// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import org.junit.After
import org.junit.Assert.assertFalse
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.annotation.LooperMode

/** The second door by touch: set, filled, changed, made to close the first, taken away. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "es-w360dp-h740dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@LooperMode(LooperMode.Mode.PAUSED)
class DoorTest {
    @After fun end() = Core.forget()

    @Test fun aSecondDoorIsSetFilledChangedAndTakenAway() = lives(Words.ES, "door-es")

    @Test @Config(qualifiers = "en-w360dp-h740dp-night-xhdpi")
    fun aSecondDoorIsSetFilledChangedAndTakenAwayInEnglish() = lives(Words.EN, "door-en")

    @Test fun itsCodeClosesTheFirstWhenThatWasChosen() = closes(Words.ES, "door-closes-es")

    @Test @Config(qualifiers = "en-w360dp-h740dp-night-xhdpi")
    fun itsCodeClosesTheFirstWhenThatWasChosenInEnglish() = closes(Words.EN, "door-closes-en")

    private fun lives(words: Words, shots: String) {
        val person = Person(shots)
        val (first, second) = person.behindADoor()
        person.moreRoomAndNewKeys(words)
        person.another()
        person.enter(first)
        assertFalse(person.words().contains(ORDINARY))
        person.door()
        person.tap("code")
        val third = person.takeCode()
        person.until("door")
        person.back()
        person.tap("lock")
        person.isWrong(second, words)
        person.enter(third)
        person.keeps(ORDINARY)
        person.tap("lock")
        person.enter(first)
        person.door()
        person.sees(words.there)
        person.hold("remove")
        person.sees(words.removed)
        person.back()
        person.back()
        person.until("home")
        person.tap("lock")
        person.isWrong(third, words)
        person.enter(first)
    }

    private fun closes(words: Words, shots: String) {
        val person = Person(shots)
        val (first, second) = person.behindADoor()
        person.tap("lock")
        person.enter(first)
        person.door()
        person.tap("how")
        person.until("door-how")
        person.tap("closes")
        person.tap("next")
        person.until("door")
        person.sees(words.closes)
        person.back()
        person.back()
        person.until("home")
        person.tap("lock")
        person.enter(second)
        person.keeps(ORDINARY)
        person.tap("lock")
        person.isWrong(first, words)
        person.enter(second)
        // A vault like any other, with a door of its own to be set.
        person.door()
        person.sees(words.none)
    }

    /** First code and second; inside the second, where something ordinary is. */
    private fun Person.behindADoor(): Pair<String, String> {
        val first = firstRun()
        val second = setDoor()
        tap("lock")
        enter(second)
        write(ORDINARY)
        return first to second
    }

    private fun Person.setDoor(): String {
        door()
        tap("set")
        return takeCode().also { until("door-ready") }
    }

    private fun Person.door() {
        tap("settings")
        until("settings")
        tap("door")
        until("door")
    }

    private fun Person.enter(code: String) {
        unlock(code)
        until("home")
    }

    private fun Person.isWrong(code: String, words: Words) {
        unlock(code)
        until("unlock")
        sees(words.kind)
    }

    private fun Person.write(story: String) {
        tap("log")
        until("log")
        type(story)
        tap("done")
        until("case")
        back()
        until("home")
    }

    private fun Person.keeps(story: String) {
        tap("cases")
        until("cases")
        sees(story)
        back()
        until("home")
    }

    private fun Person.moreRoomAndNewKeys(words: Words) {
        tap("settings")
        until("settings")
        tap("more-room")
        until("more-room")
        tap("next")
        until("settings")
        tap("new-keys")
        until("new-keys")
        tap("next")
        touchTitle()
        untilItSays(words.renewed)
        back()
        back()
        until("home")
    }

    /** What the screens say, in the language of the phone. */
    private enum class Words(
        val kind: String, val there: String, val none: String, val closes: String, val removed: String, val renewed: String,
    ) {
        ES(
            "Nada se borró", "Hay una segunda puerta", "Poner una segunda puerta", "También cierra la primera para siempre",
            "La segunda puerta se quitó", "Todo tiene llaves nuevas",
        ),
        EN(
            "Nothing was deleted", "There is a second door", "Set a second door", "Also closes the first for good",
            "The second door is gone", "Everything has new keys",
        ),
    }

    private companion object {
        const val ORDINARY = "Frijol y jabón"
    }
}

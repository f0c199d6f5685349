// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.Test
import uniffi.amate_ffi.AmateApp
import uniffi.amate_ffi.AmatePlatform
import uniffi.amate_ffi.AmateSetup
import uniffi.amate_ffi.CaptureException
import uniffi.amate_screen.Action
import uniffi.amate_screen.Icon
import uniffi.amate_screen.Kind
import uniffi.amate_screen.Screen
import uniffi.amate_screen.Way
import uniffi.amate_screen.iconPath
import java.nio.file.Files

/** The bridge itself, on a plain JVM against the real core: no widget, no Android. */
class CoreTest {
    private val folder = Files.createTempDirectory("amate").toFile()
    private val app = start()

    private fun start() = AmateApp(
        AmateSetup(folder.path, "es", 1u, listOf(16uL shl 20), listOf(16uL shl 20), true, ""),
        object : AmatePlatform {
            override fun offsetMinutes(): Short = -360
            override fun changed() = Unit
        },
    )

    private fun tap(key: String, app: AmateApp = this.app): Screen = app.act(Action.Tap(key)).screen

    private fun firstRun(): String {
        tap("next")
        tap("next")
        val code = takeCode()
        repeat(600) {
            if (app.act(Action.Look).screen.name == "door-offer") {
                assertEquals("home", tap("later").name)
                return code
            }
            Thread.sleep(20)
        }
        error(app.view().toString())
    }

    @Test fun anIncidentWithAPhotoIsThereAfterLockAndUnlock() {
        val code = firstRun()
        tap("log")
        app.act(Action.Change("story", "Lo que pasó"))
        assertEquals("camera", tap("photo").name)
        val photo = photo()
        val capture = app.beginCapture(Way.PHOTO, "", "")
        photo.toList().chunked(9_000).forEach { assertTrue(capture.push(it.toByteArray())) }
        assertEquals("log", capture.finish().screen.name)
        assertEquals("case", tap("done").name)
        val medium = tap("item-1").blocks.map { it.kind }.filterIsInstance<Kind.Player>().first().medium
        assertEquals("unlock", app.act(Action.Lock).screen.name)
        assertNull("nothing opens while it is locked", app.content(medium))
        app.act(Action.Secret("code", "otra clave que no es".toByteArray()))
        assertEquals("unlock", tap("open").name)
        app.act(Action.Secret("code", code.toByteArray()))
        assertEquals("home", tap("open").name)
        val content = app.content(medium)!!
        assertEquals(photo.size.toULong(), content.length())
        var read = ByteArray(0)
        while (read.size < photo.size) read += content.read(read.size.toULong(), 20_000u)!!
        assertArrayEquals(photo, read)
        app.act(Action.Lock)
        assertNull("a reader that is held opens nothing any more", content.read(0uL, 10u))
    }

    @Test fun aSecondDoorOpensWhatWasPutThereAndNothingElse() {
        val first = firstRun()
        write("Lo que pasó")
        tap("settings")
        tap("door")
        tap("set")
        val second = takeCode()
        assertEquals("door-ready", app.view().name)
        assertEquals("unlock", tap("lock").name)
        for (round in 0..1) {
            assertEquals("home", enter(second).name)
            if (round == 0) write("Comprar frijol")
            val inside = tap("cases").toString()
            assertTrue(inside.contains("Comprar") && !inside.contains("pasó"))
            app.act(Action.Lock)
            assertEquals("home", enter(first).name)
            val own = tap("cases").toString()
            assertTrue(own.contains("pasó") && !own.contains("Comprar"))
            app.act(Action.Lock)
        }
        enter(first)
        tap("settings")
        tap("door")
        tap("remove")
        app.act(Action.Lock)
        assertEquals("unlock", enter(second).name)
    }

    private fun write(story: String) {
        tap("log")
        app.act(Action.Change("story", story))
        tap("done")
        app.act(Action.Back)
    }

    private fun takeCode(): String {
        val code = app.view().blocks.map { it.kind }.filterIsInstance<Kind.Spoken>().first().words.joinToString(" ")
        tap("next")
        app.act(Action.Secret("code", code.toByteArray()))
        tap("next")
        return code
    }

    private fun enter(code: String): Screen {
        app.act(Action.Secret("code", code.toByteArray()))
        return tap("open")
    }

    /** As a camera gives it, without metadata: kept byte for byte. */
    private fun photo(): ByteArray {
        val out = java.io.ByteArrayOutputStream()
        val image = java.awt.image.BufferedImage(320, 240, java.awt.image.BufferedImage.TYPE_INT_RGB)
        for (x in 0 until 320) for (y in 0 until 240) image.setRGB(x, y, (x * y * 31) and 0xFFFFFF)
        javax.imageio.ImageIO.write(image, "jpeg", out)
        // The header that names a density is metadata too: it is taken off before hashing.
        val bytes = out.toByteArray()
        val header = ((bytes[4].toInt() and 0xFF) shl 8) or (bytes[5].toInt() and 0xFF)
        return bytes.copyOfRange(0, 2) + bytes.copyOfRange(4 + header, bytes.size)
    }

    @Test fun aCaptureWhereNothingIsCapturedIsRefusedInWords() {
        firstRun()
        try {
            app.beginCapture(Way.FILE, "x", "")
            fail()
        } catch (said: CaptureException.Said) {
            assertTrue(said.words.isNotBlank())
        }
    }

    @Test fun everyIconIsDrawn() {
        for (icon in Icon.entries) assertTrue("$icon", iconPath(icon).size > 3)
    }

    @Test fun anythingThatIsSentIsAnswered() {
        firstRun()
        for (key in listOf("", "no-such-key", "draft-999", "line-zz", "item-4294967295", "\u0000", "x".repeat(100_000))) {
            assertTrue(app.act(Action.Tap(key)).screen.title.isNotBlank())
            assertTrue(app.act(Action.Change(key, key)).screen.title.isNotBlank())
        }
    }
}

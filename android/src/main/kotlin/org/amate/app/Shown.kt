// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.drawable.BitmapDrawable
import android.os.Handler
import android.os.Looper
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.TextView
import uniffi.amate_screen.Badge
import uniffi.amate_screen.Block
import uniffi.amate_screen.Icon
import uniffi.amate_screen.Kind
import uniffi.amate_screen.Progress
import uniffi.amate_screen.Tone

/** Kinds of block that are to be seen and not entered. */
class Shown(private val context: Context, private val look: Look, private val screen: ScreenView) {
    private val c = look.colours
    private val m = look.measures

    fun picture(icon: Icon, colour: UInt): ImageView {
        val view = ImageView(context)
        view.setImageDrawable(look.icon(icon, colour))
        view.importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        return view
    }

    fun notice(block: Block, kind: Kind.Notice): View {
        val (ground, ink) = look.tone(kind.tone)
        val words = listOf(block.label, kind.text).filter(String::isNotEmpty).joinToString("\n")
        val line = beside(kind.icon, ink, words(words, m.second, ink))
        line.background = look.shape(ground, corner = m.cornerSmall)
        line.setPadding(look.px(14f), look.px(12f), look.px(14f), look.px(12f))
        if (block.key == "problem") line.accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_ASSERTIVE
        return line
    }

    fun badges(badges: List<Badge>): View {
        val all = Wrapping(context, look.px(6f))
        for (badge in badges) {
            val (ground, ink) = look.tone(badge.tone)
            val view = words(badge.label, m.small, ink, strong = true)
            view.background = look.shape(ground, corner = 8u)
            view.setPadding(look.px(8f), look.px(2f), look.px(8f), look.px(2f))
            all.addView(view)
        }
        return all
    }

    /** Not asked for while this shell opens no camera; a file takes its place. */
    fun camera(kind: Kind.Camera): View =
        Blocks(context, look, screen).button("file", kind.words.file, Icon.FILE, uniffi.amate_screen.ButtonStyle.SECOND)

    fun player(block: Block, kind: Kind.Player): View {
        val view = ImageView(context)
        view.contentDescription = block.label
        view.adjustViewBounds = true
        view.minimumHeight = look.px(120f)
        view.background = look.shape(c.sunken)
        if (!kind.mediaType.startsWith("image/")) {
            view.setImageDrawable(look.icon(if (kind.mediaType.startsWith("video/")) Icon.VIDEO else Icon.VOICE, c.ink2, 48f))
            view.scaleType = ImageView.ScaleType.CENTER
            return view
        }
        val core = Core.of(context)
        core.run {
            val content = core.app.content(kind.medium) ?: return@run
            val bytes = java.io.ByteArrayOutputStream()
            while (true) {
                val piece = content.read(bytes.size().toULong(), 1u shl 20) ?: break
                if (piece.isEmpty()) break
                bytes.write(piece)
            }
            val bitmap = decode(bytes.toByteArray()) ?: return@run
            Handler(Looper.getMainLooper()).post { view.setImageBitmap(bitmap) }
        }
        return view
    }

    /** No larger than the screen needs: an old phone has little memory. */
    private fun decode(bytes: ByteArray): Bitmap? {
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeByteArray(bytes, 0, bytes.size, bounds)
        val options = BitmapFactory.Options()
        options.inSampleSize = Integer.highestOneBit(maxOf(1, maxOf(bounds.outWidth, bounds.outHeight) / 1600))
        return BitmapFactory.decodeByteArray(bytes, 0, bytes.size, options)
    }

    fun line(kind: Kind.Line): View {
        val box = framed()
        for (point in kind.points) {
            val ink = when (point.progress) {
                Progress.DONE -> c.ok
                Progress.NOW -> c.primary
                Progress.STUCK -> c.danger
                Progress.LATER -> c.ink2
            }
            val two = column()
            two.addView(words(point.label, m.text, ink, strong = true))
            if (point.text.isNotEmpty()) two.addView(words(point.text, m.second, c.ink2))
            box.addView(beside(point.icon, ink, two), below(10f))
        }
        return box
    }

    fun meter(block: Block, kind: Kind.Meter): View {
        val box = column()
        box.addView(words(block.label, m.text, c.ink, strong = true))
        val bar = ProgressBar(context, null, android.R.attr.progressBarStyleHorizontal)
        bar.max = 100
        bar.progress = kind.percent.toInt()
        bar.progressTintList = android.content.res.ColorStateList.valueOf(look.colour(c.primary))
        bar.contentDescription = "${block.label}. ${kind.text}"
        box.addView(bar, below(6f))
        box.addView(words(kind.text, m.second, c.ink2), below(4f))
        return box
    }

    fun facts(kind: Kind.Facts): View {
        val box = column()
        for (row in kind.rows) {
            box.addView(words(row.label, m.small, c.ink2, strong = true), below(10f))
            box.addView(words(row.value, m.text, c.ink))
        }
        return box
    }

    fun checks(block: Block, kind: Kind.Checks): View = card(block.label, kind.rows.map { row ->
        val (icon, ink) = when (row.tone) {
            Tone.OK -> Icon.CHECK to c.ok
            Tone.WARN -> Icon.WARN to c.warn
            Tone.DANGER -> Icon.DANGER to c.danger
            else -> Icon.INFO to c.ink2
        }
        beside(icon, ink, words(listOf(row.label, row.text).filter(String::isNotEmpty).joinToString("\n"), m.text, c.ink))
    })

    fun spoken(block: Block, kind: Kind.Spoken): View {
        val view = words(kind.words.joinToString("   "), m.question, c.ink, strong = true)
        view.background = look.shape(c.surface, c.line)
        view.setPadding(look.px(16f), look.px(16f), look.px(16f), look.px(16f))
        view.contentDescription = "${block.label}: ${kind.words.joinToString(", ")}"
        return view
    }

    /** Black on white with its quiet zone, by day and by night. */
    fun qr(block: Block, kind: Kind.QrShow): View {
        val side = kind.size.toInt()
        val all = side + 8
        val bitmap = Bitmap.createBitmap(all, all, Bitmap.Config.ARGB_8888)
        bitmap.eraseColor(android.graphics.Color.WHITE)
        kind.modules.forEachIndexed { at, dark ->
            if (dark.toInt() == 1) bitmap.setPixel(at % side + 4, at / side + 4, android.graphics.Color.BLACK)
        }
        val view = ImageView(context)
        view.setImageDrawable(BitmapDrawable(context.resources, bitmap).apply { isFilterBitmap = false })
        view.contentDescription = block.label
        view.adjustViewBounds = true
        val box = LinearLayout(context)
        box.gravity = Gravity.CENTER
        box.addView(view, LinearLayout.LayoutParams(look.px(300f), look.px(300f)))
        return box
    }

    fun card(label: String, views: List<View>): View {
        val box = framed()
        box.addView(words(label, m.text, c.ink, strong = true))
        views.forEach { box.addView(it, below(10f)) }
        return box
    }

    fun message(block: Block, kind: Kind.Message): View {
        val box = column()
        box.background = if (kind.mine) look.shape(c.soft) else look.shape(c.surface, c.line)
        box.setPadding(look.px(14f), look.px(10f), look.px(14f), look.px(10f))
        box.addView(words(block.label, m.text, c.ink))
        box.addView(words(kind.text, m.small, c.ink2))
        val line = LinearLayout(context)
        line.gravity = if (kind.mine) Gravity.END else Gravity.START
        line.addView(box, LinearLayout.LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
        return line
    }

    private fun beside(icon: Icon, ink: UInt, view: View): LinearLayout {
        val line = LinearLayout(context)
        line.addView(picture(icon, ink), LinearLayout.LayoutParams(look.px(24f), look.px(24f)))
        line.addView(view, LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f).apply { marginStart = look.px(10f) })
        return line
    }

    private fun words(text: String, size: UInt, ink: UInt, strong: Boolean = false): TextView {
        val view = TextView(context)
        view.text = text
        look.text(view, size, ink, strong)
        return view
    }

    private fun framed() = column().apply {
        background = look.shape(c.surface, c.line)
        setPadding(look.px(14f), look.px(14f), look.px(14f), look.px(14f))
    }

    private fun column() = LinearLayout(context).apply { orientation = LinearLayout.VERTICAL }

    private fun below(top: Float) = LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { topMargin = look.px(top) }
}

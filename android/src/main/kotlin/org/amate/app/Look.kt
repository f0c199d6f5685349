// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.Paint
import android.graphics.Path
import android.graphics.PixelFormat
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.util.TypedValue
import android.widget.TextView
import uniffi.amate_screen.Colours
import uniffi.amate_screen.Icon
import uniffi.amate_screen.PathStep
import uniffi.amate_screen.Tone
import uniffi.amate_screen.iconPath
import uniffi.amate_screen.look

/** Colours and measures of the core, in pixels of this screen. */
class Look(private val context: Context) {
    private val all = look()
    val measures = all.measures
    private val night =
        context.resources.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK == Configuration.UI_MODE_NIGHT_YES
    val colours: Colours = if (night) all.dark else all.light

    fun px(dp: UInt): Int = px(dp.toFloat())

    fun px(dp: Float): Int = (dp * context.resources.displayMetrics.density + 0.5f).toInt()

    fun colour(rgb: UInt): Int = rgb.toInt() or 0xFF000000.toInt()

    /** Text that follows the person's font size. */
    fun text(view: TextView, size: UInt, colour: UInt, strong: Boolean = false) {
        view.setTextSize(TypedValue.COMPLEX_UNIT_SP, size.toFloat())
        view.setTextColor(colour(colour))
        view.setLineSpacing(0f, 1.15f)
        if (strong) view.typeface = android.graphics.Typeface.create("sans-serif-medium", android.graphics.Typeface.NORMAL)
    }

    /** A filled shape with a border, that shows when it is touched. */
    fun shape(fill: UInt?, border: UInt? = null, corner: UInt = measures.corner, touch: Boolean = false): Drawable {
        val shape = GradientDrawable()
        shape.cornerRadius = px(corner).toFloat()
        if (fill != null) shape.setColor(colour(fill))
        if (border != null) shape.setStroke(px(1.5f), colour(border))
        if (!touch) return shape
        val mask = GradientDrawable().apply { cornerRadius = px(corner).toFloat(); setColor(-1) }
        return RippleDrawable(ColorStateList.valueOf(colour(colours.line)), shape, mask)
    }

    /** Ground and text of a tone. */
    fun tone(tone: Tone): Pair<UInt, UInt> = when (tone) {
        Tone.PLAIN -> colours.sunken to colours.ink
        Tone.INFO -> colours.soft to colours.primary
        Tone.WARN -> colours.warnSoft to colours.warn
        Tone.DANGER -> colours.dangerSoft to colours.danger
        Tone.OK -> colours.okSoft to colours.ok
    }

    fun icon(icon: Icon, colour: UInt, size: Float = 24f): Drawable = IconDrawable(iconPath(icon), colour(colour), px(size))
}

/** An icon of the core, drawn from its steps. */
private class IconDrawable(steps: List<PathStep>, colour: Int, private val size: Int) : Drawable() {
    private val paint = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = colour }
    private val path = Path()

    init {
        for (step in steps) when (step) {
            is PathStep.Move -> path.moveTo(step.x, step.y)
            is PathStep.Line -> path.lineTo(step.x, step.y)
            is PathStep.Quad -> path.quadTo(step.x1, step.y1, step.x, step.y)
            is PathStep.Curve -> path.cubicTo(step.x1, step.y1, step.x2, step.y2, step.x, step.y)
            PathStep.Close -> path.close()
        }
        setBounds(0, 0, size, size)
    }

    override fun getIntrinsicWidth() = size
    override fun getIntrinsicHeight() = size

    override fun draw(canvas: Canvas) {
        canvas.save()
        canvas.translate(bounds.left.toFloat(), bounds.top.toFloat())
        canvas.scale(bounds.width() / UNITS, bounds.height() / UNITS)
        canvas.drawPath(path, paint)
        canvas.restore()
    }

    override fun setAlpha(alpha: Int) { paint.alpha = alpha }
    override fun setColorFilter(filter: ColorFilter?) { paint.colorFilter = filter }

    @Deprecated("Asked for by old platforms")
    override fun getOpacity() = PixelFormat.TRANSLUCENT

    private companion object { const val UNITS = 960f }
}

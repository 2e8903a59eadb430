"""What a PDF has besides text and tables: a drawing, and a line of the contents."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from adam.submission.drawing import FONT_SIZE, Arrow, Box, Drawing
from adam.submission.pdf.styles import BODY, BOLD, BOX_FILL, FONT, INK, PLAIN_FILL, SOFT, printable

NUMBER = 16
"""The width of a page number."""


def page_form(anchor: str) -> str:
    """The name of the form with the page number of a heading; such a name has only letters and digits."""
    return f"PageOf{anchor.encode().hex()}"


class DrawnPicture(Flowable):
    """A drawing, reduced to the width of the page."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing, self.scale = drawing, min(1.0, BODY / drawing.width)
        self.width, self.height = drawing.width * self.scale, drawing.height * self.scale + 6

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.height - 6)
        canvas.scale(self.scale, self.scale)
        for arrow in self.drawing.arrows:
            self.arrow(arrow)
        for box in self.drawing.boxes:
            self.box(box)
        canvas.restoreState()

    def arrow(self, arrow: Arrow) -> None:
        """Draw an arrow; the axis of a PDF points up."""
        canvas = self.canv
        canvas.setStrokeColor(SOFT)
        canvas.setFillColor(SOFT)
        canvas.setLineWidth(0.7)
        canvas.setDash((4, 2) if arrow.dashed else ())
        path = canvas.beginPath()
        path.moveTo(arrow.points[0].x, -arrow.points[0].y)
        for point in arrow.points[1:]:
            path.lineTo(point.x, -point.y)
        canvas.drawPath(path)
        canvas.setDash(())
        head = canvas.beginPath()
        head.moveTo(arrow.head[0].x, -arrow.head[0].y)
        for point in arrow.head[1:]:
            head.lineTo(point.x, -point.y)
        head.close()
        canvas.drawPath(head, stroke=0, fill=1)

    def box(self, box: Box) -> None:
        """Draw a box with its text and its link."""
        canvas = self.canv
        canvas.setStrokeColor(SOFT)
        canvas.setFillColor(PLAIN_FILL if box.plain else BOX_FILL)
        canvas.roundRect(box.x, -box.y - box.height, box.width, box.height, 3, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(FONT if box.plain else BOLD, FONT_SIZE)
        for line, at in box.baselines():
            canvas.drawCentredString(at.x, -at.y, printable(line))
        if box.address.startswith("#"):
            canvas.linkRect("", box.address[1:], (box.x, -box.y - box.height, box.x + box.width, -box.y), relative=1)
        elif box.address:
            canvas.linkURL(box.address, (box.x, -box.y - box.height, box.x + box.width, -box.y), relative=1)


class ContentsLine(Flowable):
    """A heading in the contents, with a link and its page."""

    def __init__(self, text: str, level: int, anchor: str) -> None:
        super().__init__()
        self.text, self.anchor, self.indent = printable(text), anchor, 14 * (level - 2)
        self.font = BOLD if level == 2 else FONT
        self.width, self.height = BODY, 14 if level == 2 else 12

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFillColor(INK)
        canvas.setFont(self.font, 8.5)
        canvas.drawString(self.indent, 2, self.text)
        start = self.indent + stringWidth(self.text, self.font, 8.5) + 4
        canvas.setStrokeColor(SOFT)
        canvas.setDash((0.5, 2))
        canvas.line(start, 3, BODY - NUMBER - 4, 3)
        canvas.setDash(())
        canvas.saveState()
        canvas.translate(BODY - NUMBER, -1)
        canvas.doForm(page_form(self.anchor))
        canvas.restoreState()
        canvas.linkRect("", self.anchor, (0, 0, BODY, self.height), relative=1)

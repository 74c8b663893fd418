"""The few pictures of the interface: strokes on a grid of 24, drawn in the colour of the text beside them."""

ICONS = {
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "cross": "m6 6 12 12M18 6 6 18",
    "desk": "M4 20h16M6 16.5 16.5 6a2 2 0 0 1 2.8 2.8L8.8 19.3 5 20z",
    "dot": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    "down": "m6 9 6 6 6-6",
    "download": "M12 4v11m-5-4.5 5 5 5-5M5 20h14",
    "empty": "M4 13h4.5l1.5 3h4l1.5-3H20M6 5h12l2.5 8v6h-17v-6z",
    "globe": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M3.5 12h17M12 3.5c-5 5-5 12 0 17 5-5 5-12 0-17",
    "go": "M5 12h14m-6-6 6 6-6 6",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11v5.5M12 7.5v.1",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1",
    "next": "m9 6 6 6-6 6",
    "paper": "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 13h6.5M9 16.5h6.5",
    "pencil": "M5 19l1-4L16 5l3 3L9 18z",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6",
    "previous": "m15 6-6 6 6 6",
    "return": "M9 5 4 10l5 5M4.5 10H14a5.5 5.5 0 0 1 0 11h-2",
    "seal": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20.5 20.5",
    "warning": "M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1",
}
POINTING = {"go", "next", "previous", "return"}  # these turn with the direction of writing

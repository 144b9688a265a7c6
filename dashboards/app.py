"""The server: `streamlit run app.py` runs main.py for every session, in a page that has our style sheet from the start."""

from pathlib import Path

import streamlit as st
from dressed import Dressed
from starlette.middleware import Middleware

app = st.App(Path(__file__).parent / "main.py", middleware=[Middleware(Dressed)])

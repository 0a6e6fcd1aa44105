@echo off
rem Serves Cloze to this machine alone and opens the browser; closing the window stops it.
title Cloze
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0serve\serve.ps1"
if errorlevel 1 pause

#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
# Resources into R.java and the resource package that tests read.
set -eu
tools=target/tools/prebuilt/linux; platform=target/platform/android-all-$1.jar
chmod +x "$tools/aapt2"; mkdir -p target/gen
"$tools/aapt2" compile --dir src/main/res -o target/res.zip
"$tools/aapt2" link -o target/app.apk -I "$platform" --manifest src/main/AndroidManifest.xml \
  --java target/gen --min-sdk-version 24 --target-sdk-version 35 target/res.zip

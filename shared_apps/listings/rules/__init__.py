"""Price control, machine checks, reviews, appeals and patrols as pure rules."""

"""Engines that other people run, and what they may take of time and money."""

from voicebot.env import read_choice, read_float, read_int, read_list, read_text

VOICE_STT = read_list("VOICE_STT", ["local", "openai"])
VOICE_LLM = read_list("VOICE_LLM", ["local", "openai", "claude", "local"])
"""In the order in which they are asked; one without its key is passed over."""

OPENAI_API_KEY = read_text("OPENAI_API_KEY")
OPENAI_BASE_URL = read_text("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_STT_MODEL = read_text("OPENAI_STT_MODEL", "gpt-transcribe")
OPENAI_LLM_MODEL = read_text("OPENAI_LLM_MODEL", "gpt-6-luna")
OPENAI_TTS_MODEL = read_text("OPENAI_TTS_MODEL", "gpt-4o-mini-tts")
OPENAI_TTS_VOICE = read_text("OPENAI_TTS_VOICE", "alloy")
VOICE_REPLY_ENGINE = read_choice("VOICE_REPLY_ENGINE", "espeak", ("espeak", "openai"))
"""Who says answers aloud: ``espeak``, on this machine, or ``openai``."""
ANTHROPIC_API_KEY = read_text("ANTHROPIC_API_KEY")
ANTHROPIC_BASE_URL = read_text("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
ANTHROPIC_MODEL = read_text("ANTHROPIC_MODEL", "claude-sonnet-5-5")
LANGCHAIN_MODEL = read_text("LANGCHAIN_MODEL", "openai:gpt-6-luna")
"""Provider and model as LangChain names them; ``ollama:...`` needs no key."""
LANGCHAIN_BASE_URL = read_text("LANGCHAIN_BASE_URL")
LANGCHAIN_API_KEY = read_text("LANGCHAIN_API_KEY")

VOICE_LLM_SURE_FROM = read_float("VOICE_LLM_SURE_FROM", 0.85, maximum=1.0)
"""From this confidence on the local engine's answer stands and no model is asked."""
VOICE_UNDERSTAND_SECONDS = read_float("VOICE_UNDERSTAND_SECONDS", 12.0, minimum=0.1)
"""All that the links of a chain may take together to understand one utterance."""
PROVIDER_TIMEOUT_SECONDS = read_float("PROVIDER_TIMEOUT_SECONDS", 8.0, minimum=0.1)
"""What one provider may take for one answer."""
PROVIDER_HEDGE_SECONDS = read_float("PROVIDER_HEDGE_SECONDS", 0.0)
"""After so long without an answer the next link is asked as well; 0 is never."""
BREAKER_FAILURES = read_int("BREAKER_FAILURES", 3, minimum=1)
BREAKER_PAUSE_SECONDS = read_float("BREAKER_PAUSE_SECONDS", 30.0, minimum=0.1)
ANSWER_CACHE_SECONDS = read_int("ANSWER_CACHE_SECONDS", 600)
"""How long the answer to the same words of the same person is kept; 0 is not at all."""

BUDGET_USER_DAY_USD = read_float("BUDGET_USER_DAY_USD", 0.0)
BUDGET_USER_MONTH_USD = read_float("BUDGET_USER_MONTH_USD", 0.0)
BUDGET_DAY_USD = read_float("BUDGET_DAY_USD", 0.0)
BUDGET_MONTH_USD = read_float("BUDGET_MONTH_USD", 0.0)
"""0 is no limit. When a budget is spent, the engine inside the program goes on alone."""

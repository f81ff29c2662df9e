"""The settings; strongest first: flag, environment, `.env`, the library's `config.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from playhead.errors import SettingsError

DEFAULT_EMBEDDING_MODEL = "all-MiniLM-L6-v2"
DEFAULT_WHISPER_MODEL = "small"
LlmKind = Literal["none", "openai", "ollama"]


class Settings(BaseSettings):
    """Every setting of Playhead; each is also `PLAYHEAD_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="PLAYHEAD_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: user_data_path("playhead"))
    embedding_model: str = DEFAULT_EMBEDDING_MODEL
    reranker_model: str | None = None
    nli_model: str | None = None
    whisper_model: str = DEFAULT_WHISPER_MODEL
    qdrant_url: str | None = None
    qdrant_api_key: SecretStr | None = None
    llm: LlmKind = "none"
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    llm_timeout: float = Field(60.0, gt=0, le=3600)
    """Seconds for a whole reply."""
    llm_context: int = Field(8192, ge=2048, le=2_000_000)
    """Tokens that the model reads at once, its reply included."""

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator(
        "reranker_model",
        "nli_model",
        "qdrant_url",
        "qdrant_api_key",
        "llm_base_url",
        "llm_model",
        "llm_api_key",
    )
    @classmethod
    def _empty_is_unset(cls, value: str | SecretStr | None) -> str | SecretStr | None:
        raw = value.get_secret_value() if isinstance(value, SecretStr) else value
        return value if raw else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the caller names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First is strongest. The library's config.toml is found through the sources above it."""
        above = (init_settings, env_settings, dotenv_settings)
        home = next((Path(found) for source in above if (found := source().get("home"))), None)
        folder = (home or user_data_path("playhead")).expanduser()
        toml = TomlConfigSettingsSource(settings_cls, toml_file=folder / "config.toml")
        return (*above, toml)


def load_settings(**flags: Any) -> Settings:  # noqa: ANN401 - pydantic judges the values
    """The settings now; `flags` (None means not given) win over every other source.

    Raises:
        SettingsError: a value that cannot be, or a config.toml that is not TOML.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"the setting {name!r} cannot be {_shown(name, first['input'])}: {first['msg']}",
            f"Correct PLAYHEAD_{name.upper()}, .env or config.toml",
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"the library's config.toml or the .env here cannot be read: {error}",
            "Correct it or delete it",
        ) from error
    except RuntimeError as error:
        raise SettingsError(f"the library folder cannot be found: {error}") from error


def _shown(name: str, value: object) -> str:
    """A bad value as it may be shown: never that of a key."""
    return "what it is" if "key" in name else repr(value)

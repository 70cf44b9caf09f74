"""Lists in pages."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pynomaly.presentation.http.bounds import BOUNDS


class Answer(BaseModel):
    """What all answers share."""

    model_config = ConfigDict(frozen=True)


Item = TypeVar("Item", bound=Answer)


class PageAnswer(Answer, Generic[Item]):
    """Some items of a list. `next_cursor` leads to the next page; null where the list ends."""

    items: list[Item] = Field(max_length=BOUNDS.page.most)
    next_cursor: str | None

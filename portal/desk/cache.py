"""A cache that a request survives: with Valkey down a read finds nothing and a write is dropped, logged."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Sessions live in the database behind this cache, so nobody is signed out while it is away."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as away:
            log.warning("cache away: %s", away)
            return default

    def set(self, key: str, value: Any, timeout: Any = -1, version: int | None = None) -> None:
        try:
            super().set(key, value, self.default_timeout if timeout == -1 else timeout, version)
        except RedisError as away:
            log.warning("cache away: %s", away)

    def add(self, key: str, value: Any, timeout: Any = -1, version: int | None = None) -> bool:
        try:
            return super().add(key, value, self.default_timeout if timeout == -1 else timeout, version)
        except RedisError as away:
            log.warning("cache away: %s", away)
            return True

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as away:
            log.warning("cache away: %s", away)
            return False

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return super().incr(key, delta, version)
        except RedisError as away:
            log.warning("cache away: %s", away)
            return delta

    def has_key(self, key: str, version: int | None = None) -> bool:
        try:
            return super().has_key(key, version)
        except RedisError as away:
            log.warning("cache away: %s", away)
            return False

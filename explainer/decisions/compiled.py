"""Compiled: how number kernels become machine code, and the few instructions for which Python has no word.

Code is compiled once and kept with the installation, in a folder named by the sources of
the compiled rooms: a function holds the code of those it calls, so any change compiles
all anew.  Where nobody may write, it is still read.  `NUMBA_DISABLE_JIT=1` runs the same
functions as plain Python.  Never `fastmath`: it would let sums change their order, and
with it their bits.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.extending import intrinsic
from numba.np import linalg
from numba.np.numpy_support import carray

_Function = TypeVar("_Function", bound=Callable[..., Any])

_config: Any = numba.config
_PACKAGE = Path(__file__).parent.parent
_ROOMS = sorted(path for room in ("decisions", "attributions") for path in (_PACKAGE / room).glob("*.py"))
_COMPILED = [*_ROOMS, _PACKAGE / "explanations" / "changing" / "searching.py"]
SOURCES = hashlib.sha256(b"".join(path.read_bytes() for path in _COMPILED)).hexdigest()[:16]  # names what was compiled from them


def _load_arrays() -> None:
    """Load numba's arrays without their look for a BLAS, which no loop here uses: it imports scipy, a tenth of a server's start."""

    def absent() -> None:
        raise ImportError

    found, linalg.ensure_blas = linalg.ensure_blas, absent
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = found


_load_arrays()
_njit = partial(numba.njit, nogil=True, error_model="numpy", boundscheck=False)


class _Here(UserProvidedCacheLocator):
    """A folder that is used as it is, whether or not it is there and can be written to."""

    def ensure_cache_path(self) -> None:
        """Asked by numba before it reads and before it writes."""


class _Found(CompileResultCacheImpl):
    # never the user's own folder: it is not named by all sources
    _locator_classes = [UserProvidedCacheLocator, _Here]  # noqa: RUF012 -- as numba declares it


class _Kept(FunctionCache):
    """Code kept with the installation; where nobody may write, what is there is read, and what is not is compiled and forgotten."""

    _impl_class = _Found

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was kept for these types; None: nothing that can be read."""
        with suppress(PermissionError):
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled just now, if that can be done."""
        with suppress(OSError):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


def compiled(function: _Function) -> _Function:
    """Compile a function for the types it is called with; it runs without holding the interpreter."""
    made: Any = _njit(function)
    if not _config.DISABLE_JIT:
        before = _config.CACHE_DIR
        _config.CACHE_DIR = before or str(_PACKAGE / "__pycache__" / SOURCES)
        made._cache = _Kept(function)  # type: ignore[no-untyped-call]
        _config.CACHE_DIR = before  # other users of numba in this process keep their own
    return cast(_Function, made)


LINE = 64  # bytes of a cache line: what `and_rows` and `add_rows` handle at once


def zeros_on_lines(size: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """That many zeros, the first at the begin of a cache line."""
    room = np.zeros(size + LINE // 8)
    begin = -room.ctypes.data % LINE // 8
    return room[begin : begin + size]


def places_of(arrays: Sequence[np.ndarray[Any, Any]], kinds: Sequence[type[np.generic]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Address and length of each array, (n, 2) int64, by which `array_at` finds them; who asks has to keep them.

    Raises:
        ValueError: one is of another kind than is said, or has gaps: compiled code does not look.
    """
    both = enumerate(zip(arrays, kinds, strict=True))
    wrong = [place for place, (one, kind) in both if one.dtype != kind or not one.flags.c_contiguous]
    if wrong:
        raise ValueError(f"arrays of another kind, or with gaps: {wrong}")
    return np.array([(one.ctypes.data, one.size) for one in arrays], dtype=np.int64)


if _config.DISABLE_JIT:
    np.seterr(over="ignore")  # compiled whole numbers run over without a word

    def lowest_bit(word: Any) -> int:
        """Position of the lowest set bit; the word is not 0."""
        return (int(word) & -int(word)).bit_length() - 1

    def set_bits(word: Any) -> int:
        """How many bits are set."""
        return int(word).bit_count()

    def prefetch(array: Any, at: Any) -> None:
        """Ask for the memory at a place of a flat array, ahead of its use; only a hint."""

    def array_at(places: Any, number: int, dtype: Any) -> Any:
        """The array of a number in `places_of`, flat and of that type."""
        address, length = places[number].tolist()
        return np.ndarray((length,), dtype, (ctypes.c_byte * (length * np.dtype(dtype).itemsize)).from_address(address))

    def and_rows(table: Any, base: int, stride: int, codes: Any, first: int, count: int, out: Any, at: int) -> None:
        """Combine lines of a flat table by AND; arguments as `_combining`."""
        out[at : at + LINE // table.itemsize] = np.bitwise_and.reduce(_lines(table, base, stride, codes[first : first + count]))

    def add_rows(table: Any, base: int, stride: int, codes: Any, first: int, count: int, out: Any, at: int) -> None:
        """Combine lines of a flat table by addition; arguments as `_combining`."""
        lines = _lines(table, base, stride, codes[first : first + count])
        out[at : at + LINE // table.itemsize] = lines.sum(axis=0, dtype=table.dtype)

    def _lines(table: Any, base: int, stride: int, codes: Any) -> Any:
        return table[base + stride * codes.astype(np.int64)[:, None] + np.arange(LINE // table.itemsize)]

else:

    @intrinsic
    def lowest_bit(_typing: Any, word: Any) -> Any:
        """Position of the lowest set bit; the word is not 0."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            found = builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))
            return context.cast(builder, found, signature.args[0], signature.return_type)

        return numba.types.uint64(word), generate

    @intrinsic
    def set_bits(_typing: Any, word: Any) -> Any:
        """How many bits are set."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return context.cast(builder, builder.ctpop(args[0]), signature.args[0], signature.return_type)

        return numba.types.uint64(word), generate

    @intrinsic
    def prefetch(_typing: Any, array: Any, at: Any) -> Any:
        """Ask for the memory at a place of a flat array, ahead of its use; only a hint."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, args[0]).data
            place = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(8).as_pointer())
            whole = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), whole, whole, whole])
            hint = builder.module.declare_intrinsic("llvm.prefetch", [ir.IntType(8).as_pointer()], kind)
            builder.call(hint, [place, *(ir.Constant(whole, one) for one in (0, 3, 1))])  # read, keep near, data
            return context.get_dummy_value()

        return numba.types.void(array, numba.types.int64), generate

    @intrinsic
    def _to_pointer(_typing: Any, address: Any) -> Any:
        """An address as a pointer."""

        def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], cgutils.voidptr_t)

        return numba.types.voidptr(address), generate

    _pointer: Any = _to_pointer  # mypy counts the typing context among the arguments of a call

    @compiled
    def array_at(places: Any, number: int, dtype: Any) -> Any:
        """The array of a number in `places_of`, flat and of that type."""
        return carray(_pointer(places[number, 0]), (places[number, 1],), dtype)

    def _combining(operation: str) -> Any:
        """An instruction that combines some lines of a table in registers; plain loops of 64 bytes are not made into vectors.

        Its arguments: table, flat, whole numbers of one width; base, where the line of code 0 begins; stride, how far on
        that of the next code does; codes, flat uint32, of which `count` from `first` on choose the lines; out, flat, where
        the result is written from `at` on.
        """

        @intrinsic
        def combine(
            _typing: Any, table: Any, base: Any, stride: Any, codes: Any, first: Any, count: Any, out: Any, at: Any
        ) -> Any:  # fmt: skip
            place = numba.types.int64
            return numba.types.void(table, place, place, codes, place, place, out, place), partial(_generate, operation=operation)

        return combine

    def _generate(context: Any, builder: Any, signature: Any, args: Any, *, operation: str) -> Any:
        """The machine code of `_combining`: one line is kept in registers while the others are combined into it."""
        kinds, (_, base, stride, _, first, count, _, at) = signature.args, args
        table, codes, out = (context.make_array(kinds[place])(context, builder, args[place]).data for place in (0, 3, 6))
        word, whole = context.get_data_type(kinds[0].dtype), ir.IntType(64)
        line, align = ir.VectorType(word, LINE * 8 // word.width), word.width // 8

        def chosen(step: Any) -> Any:
            code = builder.zext(builder.load(builder.gep(codes, [builder.add(first, step)])), whole)
            place = builder.gep(table, [builder.add(base, builder.mul(code, stride))])
            return builder.load(builder.bitcast(place, line.as_pointer()), align=align)

        kept = cgutils.alloca_once(builder, line)  # type: ignore[no-untyped-call]
        builder.store(chosen(ir.Constant(whole, 0)), kept)
        with cgutils.for_range(builder, count, start=ir.Constant(whole, 1)) as loop:
            builder.store(getattr(builder, operation)(builder.load(kept), chosen(loop.index)), kept)
        builder.store(builder.load(kept), builder.bitcast(builder.gep(out, [at]), line.as_pointer()), align=align)
        return context.get_dummy_value()

    and_rows, add_rows = _combining("and_"), _combining("add")

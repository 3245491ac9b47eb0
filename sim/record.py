"""Records: arrays and numbers that compiled code receives as one pointer.

The compiler copies a named tuple of arrays field by field into every function that takes it; with
hundreds of fields that is most of what it compiles. A record is one address, whatever it holds:
the field of an array is where its memory is and how long it is, that of a number its value.
"""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    unbox,
)
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import from_dtype

WORD = ir.IntType(64)  # every field is a row of these
VECTOR = 64  # bytes of the widest
NUMBERS = {types.int64: np.int64, types.float64: np.float64}


class RecordType(types.Type):
    """The compiler's type of a record: its name, and names and types of its fields in order.

    Numbers of one that is fixed are never written by compiled code.
    """

    def __init__(
        self, label: str, fields: tuple[tuple[str, types.Type], ...], fixed: bool = False
    ) -> None:
        self.label, self.fields, self.fixed = label, fields, fixed
        listed = ", ".join(f"{name}: {kind}" for name, kind in fields)
        super().__init__(name=f"{'fixed ' if fixed else ''}{label}({listed})")

    @property
    def key(self) -> str:
        """What makes two types one: a text, whose hash Python remembers."""
        return self.name

    def find(self, attribute: str) -> tuple[int, types.Type] | None:
        """Return where a field begins, in words, and its type; None if there is no such field."""
        at = 0
        for name, kind in self.fields:
            if name == attribute:
                return at, kind
            at += _n_words(kind)
        return None


def _n_words(kind: types.Type) -> int:
    return 5 + 2 * kind.ndim if isinstance(kind, types.Array) else 1


class Record:
    """Arrays, numbers and further records, for compiled code to read and write.

    Arrays are shared, not copied, if they are in C order; a number lives in the record alone.

    Parameters
    ----------
    label : str
        Name of the type: records of one label and like fields share their machine code.
    fields : mapping of str to array, int, float, Record or named tuple of these
        Integers are 64 bits long, truth values too.
    fixed : bool
        Compiled code only reads its numbers.
    """

    def __init__(self, label: str, fields: Mapping[str, Any], fixed: bool = False) -> None:
        own: dict[str, Any] = {}
        words: list[int] = []
        codes: list[Any] = [label, fixed]
        for name, given in fields.items():
            value = record_of(given) if hasattr(given, "_asdict") else given
            code, found = _laid_out(label, name, value)
            if isinstance(value, (np.ndarray, Record)):
                own[name] = value
            codes += name, code
            words += found
        buffer = np.array(words, dtype=np.int64)
        self.__dict__.update(
            own,
            _numba_type_=_kind_of(tuple(codes)),
            _buffer=buffer,
            address=int(buffer.ctypes.data),
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be copied or pickled: a copy would have the addresses of what it copies."""
        raise TypeError(f"a record ({self._numba_type_.label}) cannot be copied or pickled")

    def __getattr__(self, name: str) -> Any:
        kind_of_record = self.__dict__.get("_numba_type_")
        place = kind_of_record and kind_of_record.find(name)
        if place is None:
            raise AttributeError(name)
        at, kind = place
        return self._buffer[at : at + 1].view(NUMBERS[kind])[0].item()

    def __setattr__(self, name: str, value: float) -> None:
        place = self._numba_type_.find(name)
        if place is None or place[1] not in NUMBERS:
            raise AttributeError(f"{name} is no number of this record")
        self._buffer[place[0] : place[0] + 1].view(NUMBERS[place[1]])[0] = value

    def numbers(self) -> np.ndarray:
        """Return the fields of a record of floats as an array that shares their memory."""
        return np.asarray(self._buffer.view(np.float64))

    def put(self, name: str, value: Any) -> None:
        """Replace an array or record by one of the same type."""
        given = record_of(value) if hasattr(value, "_asdict") else value
        at, kind = self._numba_type_.find(name)
        found, words = _laid_out(self._numba_type_.label, name, given)
        if _field_type(found) != kind:
            raise TypeError(f"{name}: must be of type {kind}; found {found}")
        self._buffer[at : at + len(words)] = words
        self.__dict__[name] = given


def record_of(values: Any) -> Record:
    """Return a named tuple as a record of its name, fixed as it is."""
    return Record(type(values).__name__, values._asdict(), fixed=True)


def _laid_out(label: str, name: str, value: Any) -> tuple[Any, list[int]]:
    """Return what stands for the type of a field, and its words."""
    if isinstance(value, Record):
        return value._numba_type_, [value.address]
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise TypeError(f"{label}.{name}: an array of a record must be in C order")
        where = [0, 0, value.size, value.itemsize, value.__array_interface__["data"][0]]
        return (value.dtype.char, value.ndim), [*where, *value.shape, *value.strides]
    if isinstance(value, (bool, int, np.bool_, np.integer)):
        return types.int64, [int(value)]
    return types.float64, [int(np.float64(value).view(np.int64))]


@functools.cache
def _kind_of(codes: tuple[Any, ...]) -> RecordType:
    """Return the type of a record from its label, whether fixed, and its fields and their codes."""
    pairs = zip(codes[2::2], codes[3::2], strict=True)
    return RecordType(codes[0], tuple((name, _field_type(code)) for name, code in pairs), codes[1])


def _field_type(code: Any) -> types.Type:
    if isinstance(code, tuple):
        return types.Array(from_dtype(np.dtype(code[0])), code[1], "C")
    return code


# What the compiler has to know of records.

register_model(RecordType)(models.OpaqueModel)


@infer_getattr
class _Attributes(AttributeTemplate):
    key = RecordType

    def generic_resolve(self, kind: Any, attribute: str) -> Any:  # type: ignore[override]
        found = kind.find(attribute)
        return None if found is None else found[1]


def _field(context: Any, builder: Any, kind: RecordType, record: Any, name: str) -> Any:
    """Return a pointer to a field, and its type."""
    found = kind.find(name)
    assert found is not None
    at, field = found
    words = builder.bitcast(record, WORD.as_pointer())
    place = builder.gep(words, [ir.Constant(WORD, at)])
    return builder.bitcast(place, context.get_value_type(field).as_pointer()), field


@lower_getattr_generic(RecordType)
def _read(context: Any, builder: Any, kind: RecordType, record: Any, name: str) -> Any:
    pointer, field = _field(context, builder, kind, record, name)
    may_change = field in NUMBERS and not kind.fixed
    return builder.load(pointer) if may_change else _load_once(builder, pointer)


def _load_once(builder: Any, pointer: Any) -> Any:
    """Load what compiled code never changes, as where an array or record lies: once is enough.

    Else it would be loaded anew whenever a number has been stored, lest it lie there. The compiler
    takes that only of whole words, so an array's are loaded one by one.
    """
    kind = pointer.type.pointee
    if not isinstance(kind, ir.Aggregate):
        word = builder.load(pointer)
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word
    whole = ir.Constant(kind, ir.Undefined)
    for n in range(len(kind)):
        place = cgutils.gep_inbounds(builder, pointer, 0, n)
        whole = builder.insert_value(whole, _load_once(builder, place), n)
    return whole


@lower_setattr_generic(RecordType)
def _write(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    kind, given = signature.args
    if kind.fixed:
        raise TypeError(f"{kind.label}.{name}: numbers of a fixed record are not written")
    pointer, field = _field(context, builder, kind, arguments[0], name)
    builder.store(context.cast(builder, arguments[1], given, field), pointer)


@unbox(RecordType)
def _unbox(kind: RecordType, thing: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(thing, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, cgutils.voidptr_t))


def _flat(typing_context: Any, array: Any) -> Any:
    """Return an array in C order as one row in the same memory, which `reshape` is slow to find."""
    row = types.Array(array.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = context.make_array(array)(context, builder, arguments[0])
        found = context.make_array(row)(context, builder)
        size, step = [given.nitems], [given.itemsize]
        populate_array(found, given.data, size, step, given.itemsize, given.meminfo)
        return found._getvalue()

    return row(array), generate


flat: Any = intrinsic(_flat)


def _on_stack(typing_context: Any, size: Any) -> Any:
    """Return room for so many floats, to work in until the function returns.

    Nothing else can lie there, and the compiler knows it: what is written there cannot change what
    a loop reads elsewhere, so that it makes vectors of the loop without asking first.
    """
    row = types.Array(types.float64, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = builder.alloca(ir.DoubleType(), size=arguments[0])
        data.align = VECTOR
        found, bytes_each = context.make_array(row)(context, builder), ir.Constant(WORD, 8)
        populate_array(found, data, [arguments[0]], [bytes_each], bytes_each, None)
        return found._getvalue()

    return row(types.int64), generate


on_stack: Any = intrinsic(_on_stack)


# Functions by their address.


def address_of(function: Any, *kinds: types.Type) -> int:
    """Return the address of a compiled function for arguments of these types.

    Read from disk if it is there, else compiled.
    """
    function.compile(kinds)
    result = function.overloads[kinds]
    return int(result.library.get_pointer_to_function(result.fndesc.llvm_cfunc_wrapper_name))


def _caller(result: types.Type) -> Any:
    """Return how compiled code calls a function of two records, or of where they lie."""

    @intrinsic
    def call(typing_context: Any, address: Any, first: Any, second: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pair = [cgutils.voidptr_t, cgutils.voidptr_t]
            kind = ir.FunctionType(context.get_value_type(result), pair)
            function = builder.inttoptr(arguments[0], kind.as_pointer())
            at = [builder.inttoptr(a, pair[0]) if a.type == WORD else a for a in arguments[1:]]
            return builder.call(function, at)

        return result(types.int64, first, second), generate

    return call


call_phase = _caller(types.none)
call_rule = _caller(types.float64)

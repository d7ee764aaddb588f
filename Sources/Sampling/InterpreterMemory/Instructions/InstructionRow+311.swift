/// The instructions of CPython 3.11, as tools/instruction_tables.py prints them.
extension InstructionRow {
  static let cpython311: [InstructionRow] = [
    // POP_TOP
    .init([1], cache: 0, depth: -1),
    // PUSH_NULL
    .init([2], cache: 0, depth: 1, role: .withoutCallee),
    // NOP
    .init([9], cache: 0, depth: 0, role: .withoutCallee),
    // UNARY_POSITIVE
    .init([10], cache: 0, depth: 0),
    // UNARY_NEGATIVE
    .init([11], cache: 0, depth: 0),
    // UNARY_NOT
    .init([12], cache: 0, depth: 0),
    // UNARY_INVERT
    .init([15], cache: 0, depth: 0),
    // BINARY_SUBSCR
    .init([25, 17, 18, 19, 20, 21], cache: 4, depth: -1),
    // GET_LEN
    .init([30], cache: 0, depth: 1),
    // MATCH_MAPPING
    .init([31], cache: 0, depth: 1),
    // MATCH_SEQUENCE
    .init([32], cache: 0, depth: 1),
    // MATCH_KEYS
    .init([33], cache: 0, depth: 1),
    // PUSH_EXC_INFO
    .init([35], cache: 0, depth: 1),
    // CHECK_EXC_MATCH
    .init([36], cache: 0, depth: 0),
    // CHECK_EG_MATCH
    .init([37], cache: 0, depth: 0),
    // WITH_EXCEPT_START
    .init([49], cache: 0, depth: 1),
    // GET_AITER
    .init([50], cache: 0, depth: 0),
    // GET_ANEXT
    .init([51], cache: 0, depth: 1),
    // BEFORE_ASYNC_WITH
    .init([52], cache: 0, depth: 1),
    // BEFORE_WITH
    .init([53], cache: 0, depth: 1),
    // END_ASYNC_FOR
    .init([54], cache: 0, depth: -2),
    // STORE_SUBSCR
    .init([60, 168, 169, 170], cache: 1, depth: -3),
    // DELETE_SUBSCR
    .init([61], cache: 0, depth: -2),
    // GET_ITER
    .init([68], cache: 0, depth: 0),
    // GET_YIELD_FROM_ITER
    .init([69], cache: 0, depth: 0),
    // PRINT_EXPR
    .init([70], cache: 0, depth: -1),
    // LOAD_BUILD_CLASS
    .init([71], cache: 0, depth: 1),
    // LOAD_ASSERTION_ERROR
    .init([74], cache: 0, depth: 1),
    // RETURN_GENERATOR
    .init([75], cache: 0, depth: 1),
    // LIST_TO_TUPLE
    .init([82], cache: 0, depth: 0),
    // RETURN_VALUE
    .init([83], cache: 0, depth: -1, endsBlock: true),
    // IMPORT_STAR
    .init([84], cache: 0, depth: -1),
    // SETUP_ANNOTATIONS
    .init([85], cache: 0, depth: 0),
    // YIELD_VALUE
    .init([86], cache: 0, depth: 0),
    // ASYNC_GEN_WRAP
    .init([87], cache: 0, depth: 0),
    // PREP_RERAISE_STAR
    .init([88], cache: 0, depth: -1),
    // POP_EXCEPT
    .init([89], cache: 0, depth: -1),
    // STORE_NAME
    .init([90], cache: 0, depth: -1),
    // DELETE_NAME
    .init([91], cache: 0, depth: 0),
    // UNPACK_SEQUENCE
    .init([92, 177, 178, 179, 180], cache: 1, depth: -1, times: 1, of: .argument),
    // FOR_ITER
    .init([93], cache: 0, depth: 1, jumps: .forward, depthAfterJump: -1),
    // UNPACK_EX
    .init([94], cache: 0, depth: 0, times: 1, of: .bothBytes),
    // STORE_ATTR
    .init([95, 153, 154, 158, 159], cache: 4, depth: -2),
    // DELETE_ATTR
    .init([96], cache: 0, depth: -1),
    // STORE_GLOBAL
    .init([97], cache: 0, depth: -1),
    // DELETE_GLOBAL
    .init([98], cache: 0, depth: 0),
    // SWAP
    .init([99], cache: 0, depth: 0, role: .withoutCallee),
    // LOAD_CONST
    .init([100, 44], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_NAME
    .init([101], cache: 0, depth: 1),
    // BUILD_TUPLE
    .init([102], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_LIST
    .init([103], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_SET
    .init([104], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_MAP
    .init([105], cache: 0, depth: 1, times: -2, of: .argument),
    // LOAD_ATTR
    .init([106, 39, 40, 41, 42, 43], cache: 4, depth: 0),
    // COMPARE_OP
    .init([107, 26, 27, 28, 29], cache: 2, depth: -1),
    // IMPORT_NAME
    .init([108], cache: 0, depth: -1),
    // IMPORT_FROM
    .init([109], cache: 0, depth: 1),
    // JUMP_FORWARD
    .init(
      [110], cache: 0, depth: 0, jumps: .forward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true),
    // JUMP_IF_FALSE_OR_POP
    .init([111], cache: 0, depth: -1, jumps: .forward, depthAfterJump: 0),
    // JUMP_IF_TRUE_OR_POP
    .init([112], cache: 0, depth: -1, jumps: .forward, depthAfterJump: 0),
    // POP_JUMP_FORWARD_IF_FALSE
    .init([114], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_FORWARD_IF_TRUE
    .init([115], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // LOAD_GLOBAL
    .init([116, 47, 48, 55], cache: 5, depth: 1, times: 1, of: .lowBit),
    // IS_OP
    .init([117], cache: 0, depth: -1),
    // CONTAINS_OP
    .init([118], cache: 0, depth: -1),
    // RERAISE
    .init([119], cache: 0, depth: -1, endsBlock: true),
    // COPY
    .init([120], cache: 0, depth: 1, role: .withoutCallee),
    // BINARY_OP
    .init([122, 3, 4, 5, 6, 7, 8, 13, 14, 16], cache: 1, depth: -1),
    // SEND
    .init([123], cache: 0, depth: 0, jumps: .forward, depthAfterJump: -1),
    // LOAD_FAST
    .init([124, 45, 46], cache: 0, depth: 1, role: .withoutCallee),
    // STORE_FAST
    .init([125, 161, 167], cache: 0, depth: -1),
    // DELETE_FAST
    .init([126], cache: 0, depth: 0),
    // POP_JUMP_FORWARD_IF_NOT_NONE
    .init([128], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_FORWARD_IF_NONE
    .init([129], cache: 0, depth: -1, jumps: .forward, depthAfterJump: -1),
    // RAISE_VARARGS
    .init([130], cache: 0, depth: 0, times: -1, of: .argument, endsBlock: true),
    // GET_AWAITABLE
    .init([131], cache: 0, depth: 0),
    // MAKE_FUNCTION
    .init([132], cache: 0, depth: 0, times: -1, of: .bitCount),
    // BUILD_SLICE
    .init([133], cache: 0, depth: -1, times: -1, of: .isThree),
    // JUMP_BACKWARD_NO_INTERRUPT
    .init(
      [134], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true),
    // MAKE_CELL
    .init([135], cache: 0, depth: 0),
    // LOAD_CLOSURE
    .init([136], cache: 0, depth: 1),
    // LOAD_DEREF
    .init([137], cache: 0, depth: 1),
    // STORE_DEREF
    .init([138], cache: 0, depth: -1),
    // DELETE_DEREF
    .init([139], cache: 0, depth: 0),
    // JUMP_BACKWARD
    .init([140, 38], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, endsBlock: true),
    // CALL_FUNCTION_EX
    .init([142], cache: 0, depth: -2, times: -1, of: .lowBit, role: .callUnpacked),
    // EXTENDED_ARG
    .init([144, 34], cache: 0, depth: 0, role: .prefix),
    // LIST_APPEND
    .init([145], cache: 0, depth: -1),
    // SET_ADD
    .init([146], cache: 0, depth: -1),
    // MAP_ADD
    .init([147], cache: 0, depth: -2),
    // LOAD_CLASSDEREF
    .init([148], cache: 0, depth: 1),
    // COPY_FREE_VARS
    .init([149], cache: 0, depth: 0),
    // RESUME
    .init([151, 150], cache: 0, depth: 0),
    // MATCH_CLASS
    .init([152], cache: 0, depth: -2),
    // FORMAT_VALUE
    .init([155], cache: 0, depth: 0, times: -1, of: .thirdBit),
    // BUILD_CONST_KEY_MAP
    .init([156], cache: 0, depth: 0, times: -1, of: .argument),
    // BUILD_STRING
    .init([157], cache: 0, depth: 1, times: -1, of: .argument),
    // LOAD_METHOD
    .init([160, 56, 57, 58, 59, 62, 63], cache: 10, depth: 1),
    // LIST_EXTEND
    .init([162], cache: 0, depth: -1),
    // SET_UPDATE
    .init([163], cache: 0, depth: -1),
    // DICT_MERGE
    .init([164], cache: 0, depth: -1),
    // DICT_UPDATE
    .init([165], cache: 0, depth: -1),
    // PRECALL
    .init(
      [166, 64, 65, 66, 67, 72, 73, 76, 77, 78, 79, 80, 81, 113, 121, 127, 141, 143], cache: 1, depth: 0,
      role: .call),
    // CALL
    .init([171, 22, 23, 24], cache: 4, depth: -1, times: -1, of: .argument, role: .call),
    // KW_NAMES
    .init([172], cache: 0, depth: 0, role: .withoutCallee),
    // POP_JUMP_BACKWARD_IF_NOT_NONE
    .init([173], cache: 0, depth: -1, jumps: .backward, depthAfterJump: -1),
    // POP_JUMP_BACKWARD_IF_NONE
    .init([174], cache: 0, depth: -1, jumps: .backward, depthAfterJump: -1),
    // POP_JUMP_BACKWARD_IF_FALSE
    .init([175], cache: 0, depth: -1, jumps: .backward, depthAfterJump: -1),
    // POP_JUMP_BACKWARD_IF_TRUE
    .init([176], cache: 0, depth: -1, jumps: .backward, depthAfterJump: -1),
  ]
}

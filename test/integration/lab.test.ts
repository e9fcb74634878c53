import { testLab } from "./labSuite";

testLab("the user who runs the tests");
